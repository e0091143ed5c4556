"use strict";

// A session that has ended says why; one that was only lost is come back to as soon as the server answers.
const comeBack = async () => {
  try {
    const { state = "state", removed } = document.querySelector("footer").dataset;
    const answer = await fetch(state);
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

addEventListener("session-ended", (event) => {
  event.preventDefault();
  setTimeout(comeBack, 300);
});
