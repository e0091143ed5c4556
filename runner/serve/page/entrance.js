"use strict";

// A browser that was let in goes on to its room, unless the server that let it in is gone.
const room = localStorage.getItem("room");
if (room) {
  fetch(room, { method: "HEAD" }).then((answer) => {
    if (answer.status === 403 || answer.status === 404) {
      localStorage.removeItem("room");
    } else {
      location.replace(room);
    }
  });
}
