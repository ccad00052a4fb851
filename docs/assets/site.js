// The theme puts the buttons of each block of code into a landmark of its own, all without a name. They are none.
const demote = () => document.querySelectorAll("nav.md-code__nav:not([role])").forEach((one) => one.setAttribute("role", "none"));
new MutationObserver(demote).observe(document.body, { childList: true, subtree: true });
demote();
