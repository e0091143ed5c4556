"use strict";

// textual.js marks the body as things come to pass, and leaves the keys to anyone who clicks first.
addEventListener("load", () => {
  const marks = document.body.classList;
  let closed = false;

  // A session that has ended says why; one that was only lost is come back to as soon as the server answers.
  const comeBack = async () => {
    try {
      const answer = await fetch("/state");
      const removed = "You are not in this class any more. The instructor can say why, and you can join again.";
      const why = answer.ok ? (await answer.json()).message : answer.status === 403 ? removed : "";
      if (why) {
        document.querySelector("#why").textContent = why;
        document.querySelector("#ended a").focus();
        return;
      }
      location.reload();
    } catch {
      setTimeout(comeBack, 1000);
    }
  };

  const watch = new MutationObserver(() => {
    if (marks.contains("-closed") && !closed) {
      closed = true;
      setTimeout(comeBack, 300);
    } else if (marks.contains("-first-byte") && !closed) {
      document.querySelector(".xterm-helper-textarea").focus();
    }
  });
  watch.observe(document.body, { attributeFilter: ["class"] });
});
