"""The review as one HTML file: ``document`` puts it together of the page's own scripts and styles (``assets``), ELK, which lays the
graphs out (``elk``, as its authors publish it), and the data, which ``overview`` and ``excerpts`` prepare.
"""
