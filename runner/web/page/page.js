"use strict";

// For the entrance, which leads here from then on.
localStorage.setItem("room", location.pathname);

// textual.js marks the body as things come to pass, and leaves the keys to anyone who clicks first.
addEventListener("load", () => {
  const marks = document.body.classList;
  const watch = new MutationObserver(() => {
    if (marks.contains("-closed")) {
      document.querySelector("#ended a").focus();
    } else if (marks.contains("-first-byte")) {
      document.querySelector(".xterm-helper-textarea").focus();
    }
  });
  watch.observe(document.body, { attributeFilter: ["class"] });
});
