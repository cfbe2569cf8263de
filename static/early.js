// What a merchant does before the other scripts are there is done once they are. Without this a click would do
// nothing, and a form would go where the browser sends it by itself: with what she typed in the address.

const HELD = ['click', 'submit', 'input', 'change'];
const early = []; // the first event of each kind on each element

function hold(event) {
  const {type, target} = event;
  if (type === 'click' && !target.closest('button')) return; // links and boxes need no script
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!early.some((other) => other.type === type && other.target === target)) early.push(event);
}

function letGo() {
  if (!window.htmx) return complain();
  for (const type of HELD) removeEventListener(type, hold, true);
  for (const event of early) event.target.dispatchEvent(new event.constructor(event.type, event));
}

function complain() {
  const problem = document.getElementById('problem');
  problem.textContent = document.body.dataset.notLoaded;
  problem.hidden = false;
}

for (const type of HELD) addEventListener(type, hold, true);
document.addEventListener('DOMContentLoaded', () => setTimeout(letGo)); // after htmx, which begins in such a task
