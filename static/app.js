/* A form that was sent says so and cannot be sent twice. Without this file every page works, and the server refuses doubles. */
(function () {
  "use strict";
  var busy = document.getElementById("busy");

  function buttons(form) {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.type === "submit";
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    if (busy) busy.textContent = "正在提交，请不要重复点击";
    // Later, because a disabled button would not be sent with its name and value.
    setTimeout(function () {
      buttons(form).forEach(function (button) { button.disabled = true; });
    });
  });

  // [data-refresh=20]: the page is drawn anew at [data-again] after so many seconds; without this file <meta> does it.
  document.querySelectorAll("[data-refresh]").forEach(function (screen) {
    setTimeout(function () { window.location.replace(screen.dataset.again); }, screen.dataset.refresh * 1000);
  });

  // [data-copy=id]: puts the value of that input where pasting finds it; without this file one holds the text down.
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      document.getElementById(button.dataset.copy).select();
      document.execCommand("copy");
      if (busy) busy.textContent = button.dataset.said;
      setTimeout(function () { if (busy) busy.textContent = ""; }, 2000);
    });
  });

  // The back button shows the page as it was left: make it usable again.
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    if (busy) busy.textContent = "";
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      buttons(form).forEach(function (button) { button.disabled = false; });
    });
  });
})();
