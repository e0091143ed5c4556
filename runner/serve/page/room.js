"use strict";

// For the entrance, which leads here from then on.
localStorage.setItem("room", location.pathname);
