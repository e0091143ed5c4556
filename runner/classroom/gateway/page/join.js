"use strict";

// The picture of the address has the code in it.
addEventListener("load", () => {
  const code = decodeURIComponent(location.hash.slice(1));
  if (code) {
    document.querySelector("#code").value = code;
    history.replaceState(null, "", "/");
  }
});
