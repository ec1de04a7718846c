/* Comforts of the desk. Without this file every page works: lists are ticked one by one, the browser prints. */
(function () {
  "use strict";
  var WEEKDAYS = "日一二三四五六";

  function each(root, selector, act) {
    Array.prototype.forEach.call(root.querySelectorAll(selector), act);
  }

  // <form data-bulk>: [data-all] ticks the page, [data-picked=人] says how many, ticked rows are marked.
  function count(form) {
    var total = 0, on = 0;
    each(form, "tbody [type=checkbox]", function (tick) {
      total += 1;
      if (tick.checked) on += 1;
      tick.closest("tr").classList.toggle("on", tick.checked);
    });
    each(form, "[data-all]", function (all) { all.checked = on > 0 && on === total; });
    each(form, "[data-picked]", function (words) {
      words.textContent = on ? "已选" + on + words.dataset.picked : "请先勾选";
    });
  }

  // [data-date=id]: the date of that input as a Chinese reader writes it, whatever the browser's own order.
  function name(hint) {
    var day = document.getElementById(hint.dataset.date).valueAsDate;
    hint.textContent = !day ? "按年、月、日选择" : day.getUTCFullYear() + "年" + (day.getUTCMonth() + 1) + "月" +
      day.getUTCDate() + "日（周" + WEEKDAYS[day.getUTCDay()] + "）";
  }

  function refresh() {
    each(document, "[data-all], [data-print]", function (comfort) { comfort.hidden = false; });
    each(document, "form[data-bulk]", count);
    each(document, "[data-date]", name);
  }

  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-bulk]");
    if (form && event.target.matches("[data-all]")) {
      each(form, "tbody [type=checkbox]", function (tick) { tick.checked = event.target.checked; });
    }
    refresh();
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });
  // [data-idle=seconds]: whoever typed for long is told a minute before the session ends.
  each(document, "[data-idle]", function (note) {
    setTimeout(function () { note.hidden = false; }, Math.max(30, note.dataset.idle - 60) * 1000);
  });
  document.addEventListener("htmx:afterSwap", refresh);
  // [data-gone-after=30]: what stands in [data-gone] is taken away after so many seconds, and [data-gone-said] says so.
  function forget() {
    each(document, "[data-gone-after]", function (box) {
      if (box.dataset.counting) return;
      box.dataset.counting = "1";
      setTimeout(function () {
        each(box, "[data-gone]", function (value) { value.textContent = "••••••"; });
        each(box, "[data-gone-said]", function (words) { words.textContent = words.dataset.goneSaid; });
      }, box.dataset.goneAfter * 1000);
    });
  }
  document.addEventListener("htmx:afterSettle", forget);
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && document.querySelector("[data-gone-after]")) window.location.replace(window.location.pathname);
  });
  // [data-select]: what could not be written down is marked, so that typing goes over it.
  each(document, "[data-select]", function (field) { field.select(); });
  forget();
  refresh();
})();
