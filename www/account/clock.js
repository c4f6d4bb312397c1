// Moments for the eye.

const time = new Intl.DateTimeFormat(navigator.languages, { timeStyle: "short" });
const timeToTheSecond = new Intl.DateTimeFormat(navigator.languages, { timeStyle: "medium" });
const dayAndTime = new Intl.DateTimeFormat(navigator.languages, { dateStyle: "medium", timeStyle: "short" });

/** A moment on the reader's own clock; the day too where it is not today's. */
export function clock(iso) {
  const moment = new Date(iso);
  const today = moment.toDateString() === new Date().toDateString();
  return (today ? time : dayAndTime).format(moment);
}

/** The present moment, to the second: it shows that something was asked anew. */
export const clockNow = () => timeToTheSecond.format(new Date());
