/* A box to sign in, sent as an SVG path. Without it the typed name does. */
(function () {
  var box = document.querySelector("[data-sign]"), canvas = box && box.querySelector("canvas");
  if (!canvas || !window.PointerEvent) return;
  var pen = canvas.getContext("2d"), kept = box.closest("form").drawing;
  box.hidden = false;
  pen.lineWidth = 4;
  pen.strokeStyle = "currentColor";

  canvas.onpointerdown = canvas.onpointermove = function (event) {
    var x = Math.round(event.offsetX * 600 / canvas.clientWidth), y = Math.round(event.offsetY * 200 / canvas.clientHeight);
    if (!event.buttons || x < 0 || y < 0 || x > 599 || y > 199 || kept.value.length > 8000) return;
    var down = event.type === "pointerdown";
    if (down) pen.beginPath();
    kept.value += (down ? "M" : "L") + x + " " + y;
    pen.lineTo(x, y);
    pen.stroke();
  };
  box.querySelector("button").onclick = function () {
    pen.clearRect(0, 0, 600, 200);
    kept.value = "";
  };
})();
