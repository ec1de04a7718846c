/* Comforts of the desk. Without this file every page works: lists are ticked one by one, the browser prints. */
(function () {
  "use strict";
  var WEEKDAYS = "日一二三四五六";

  // <form data-bulk>: [data-all] ticks the page, [data-picked] says how many, ticked rows are marked.
  function bulk(form) {
    var all = form.querySelector("[data-all]");
    var picked = form.querySelector("[data-picked]");
    var ticks = Array.prototype.slice.call(form.querySelectorAll("tbody [type=checkbox]"));
    function count() {
      var on = ticks.filter(function (tick) { return tick.checked; }).length;
      ticks.forEach(function (tick) { tick.closest("tr").classList.toggle("on", tick.checked); });
      if (all) all.checked = on > 0 && on === ticks.length;
      if (picked) picked.textContent = on ? "已选" + on + "人" : "请先勾选";
    }
    if (all) {
      all.hidden = false;
      all.addEventListener("change", function () {
        ticks.forEach(function (tick) { tick.checked = all.checked; });
        count();
      });
    }
    form.addEventListener("change", count);
    count();
  }

  // [data-date=id]: the date of that input as a Chinese reader writes it, whatever the browser's own order.
  function date(hint) {
    var input = document.getElementById(hint.dataset.date);
    var before = hint.textContent;
    function show() {
      var day = input.valueAsDate;
      hint.textContent = day ? day.getUTCFullYear() + "年" + (day.getUTCMonth() + 1) + "月" + day.getUTCDate() +
        "日（周" + WEEKDAYS[day.getUTCDay()] + "）" : before;
    }
    input.addEventListener("input", show);
    show();
  }

  function start(root) {
    root.querySelectorAll("form[data-bulk]").forEach(bulk);
    root.querySelectorAll("[data-date]").forEach(date);
  }
  start(document);
  document.addEventListener("htmx:afterSwap", function (event) { start(event.detail.target); });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
