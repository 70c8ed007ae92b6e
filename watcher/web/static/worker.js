// Shows an alert that the desk has sent to this browser, and opens its page at a tap. It keeps nothing.
"use strict";
self.addEventListener("push", (event) => {
  const { title, text, url } = event.data.json();
  const { pathname, search } = new URL(url || "/", self.location);
  const shown = { body: text, icon: "/static/icon.svg", data: pathname + search };
  event.waitUntil(self.registration.showNotification(title, shown));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data));
});
