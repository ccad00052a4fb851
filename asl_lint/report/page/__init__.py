"""The review as one HTML file: ``document`` puts it together.

Of the page's own scripts and styles (``assets``), of ELK, which lays the graphs out (``elk``, as its authors publish it), and of
the data, which ``overview`` and ``excerpts`` prepare.
"""
