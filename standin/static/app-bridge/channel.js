// The line between the app's page and the admin that frames it: postMessage, both origins checked.
const script = document.currentScript;
const ADMIN = new URL(script.src).origin;
const embedded = window.parent !== window;
const waiting = new Map();
const on = {}; // what the admin may tell the page: type -> function(message)
let asked = 0;

function tell(type, message = {}) {
  if (embedded) window.parent.postMessage({...message, type}, ADMIN);
}

function ask(type) {
  if (!embedded) return Promise.reject(new Error("The page is not inside the admin."));
  const id = ++asked;
  tell(type, {id});
  return new Promise((resolve, reject) => waiting.set(id, {resolve, reject}));
}

on.answer = ({id, value, error}) => {
  const {resolve, reject} = waiting.get(id);
  waiting.delete(id);
  if (error) reject(new Error(error));
  else resolve(value);
};

window.addEventListener("message", (event) => {
  if (event.source === window.parent && event.origin === ADMIN) on[event.data.type]?.(event.data);
});
