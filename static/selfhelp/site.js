(() => {
  const exit = document.getElementById("exit");
  /* Back and Reload then have nothing to send again. */
  history.replaceState(null, "", location.href);
  let presses = 0;
  let last = 0;
  const leave = () => {
    document.querySelectorAll("form").forEach((form) => form.reset());
    document.body.hidden = true;
    document.title = "";
    location.replace(exit.href);
  };
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.querySelector("[value=print]")?.addEventListener("click", (event) => {
    event.preventDefault();
    print();
  });
  addEventListener("keydown", (event) => {
    if (event.repeat) return;
    presses = event.key === "Shift" && event.timeStamp - last < 1000 ? presses + 1 : Number(event.key === "Shift");
    last = event.timeStamp;
    if (presses === 3) leave();
  });
})();
