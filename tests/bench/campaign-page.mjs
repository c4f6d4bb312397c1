// A list priced in the page, in Chromium: LIST TEMPLATE RUNS. Prints the quickest run: seconds from the file being chosen to its
// figures being drawn, the longest time between two frames meanwhile in milliseconds, total, segments.
import { house } from '../../www/test/browser.js';

const [list, template, runs] = process.argv.slice(2);

/** Keeps what the Worker says, and how long each frame waits for the next one from the moment a file is there. */
function watch() {
  const Plain = globalThis.Worker;
  globalThis.Worker = class extends Plain {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => data.kind === 'priced' && (globalThis.summary = data.priced.summary));
    }
  };
  globalThis.measure = () =>
    new Promise((resolve) => {
      const stamp = document.querySelector('#list-stamp');
      let [began, last, gap] = [null, 0, 0];
      document.querySelector('#list-file').addEventListener('change', () => (began = last = performance.now()), { capture: true });
      const frame = (now) => {
        if (began !== null) {
          gap = Math.max(gap, now - last);
          last = now;
          if (!stamp.hidden) return resolve([(performance.now() - began) / 1000, gap]);
        }
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
}

const site = await house();
let best = null;
for (let run = 0; run < Number(runs); run += 1) {
  const page = await site.open({ init: watch });
  await page.locator('#text').fill(template);
  // As somebody who has come to the section: what else is drawn there is drawn before.
  await page.evaluate(() => {
    document.querySelector('#list').scrollIntoView({ behavior: 'instant' });
    return new Promise((resolve) => requestAnimationFrame(() => requestIdleCallback(resolve)));
  });
  const measured = page.evaluate(() => globalThis.measure());
  await page.locator('#list-file').setInputFiles(list);
  const [seconds, gap] = await measured;
  const { total, segments } = await page.evaluate(() => globalThis.summary);
  if (page.trouble.length > 0) throw new Error(page.trouble.join('\n'));
  if (best === null || seconds < best[0]) best = [seconds, gap, total, segments];
  await page.context().close();
}
console.log(...best);
await site.close();
