"use strict";
/* Comfort only: every page works without. */
(() => {
  const minute = 60000;
  const day = () => document.getElementById("today");

  /* The day asks for itself again, not while somebody types or has a link in focus within it. */
  const again = () => {
    const old = day();
    if (document.hidden || old.contains(document.activeElement)) return;
    const asked = new XMLHttpRequest();
    asked.open("GET", old.dataset.again);
    asked.responseType = "document";
    asked.onload = () => {
      const fresh = asked.response && asked.response.getElementById("today");
      if (!fresh) return location.reload();
      document.title = asked.response.title;
      old.replaceWith(document.adoptNode(fresh));
    };
    asked.send();
  };
  if (day()) setInterval(again, minute);

  /* A call screen that nobody touches hides all but the word, the emergency steps and "call over". */
  const call = document.querySelector("[data-veil]");
  if (call) {
    let timer;
    const wake = () => {
      call.classList.remove("asleep");
      clearTimeout(timer);
      timer = setTimeout(() => call.classList.add("asleep"), call.dataset.veil * 1000);
    };
    for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, wake);
    /* Browsers tell of a move when the page changes under a pointer that lies still, as when the veil falls. */
    addEventListener("pointermove", (move) => (move.movementX || move.movementY) && wake());
    wake();
  }

  const faults = document.getElementById("faults");
  if (faults) faults.focus();
})();
