"use strict";

// textual.js marks the body as things come to pass, and leaves the keys to anyone who clicks first.
addEventListener("load", () => {
  const marks = document.body.classList;
  let ended = false;
  const watch = new MutationObserver(() => {
    if (ended) {
      return;
    }
    if (marks.contains("-closed")) {
      ended = true;
      // Unless another script of the page has a better idea, the link has the keys.
      if (dispatchEvent(new Event("session-ended", { cancelable: true }))) {
        document.querySelector("#ended a").focus();
      }
    } else if (marks.contains("-first-byte")) {
      document.querySelector(".xterm-helper-textarea").focus();
    }
  });
  watch.observe(document.body, { attributeFilter: ["class"] });
});
