"use client";
import { useEffect, useRef, useState } from "react";
import rates from "textmeter/rates.json";
import { useTextMeter } from "textmeter/react";
import "textmeter/element/define";
import { REQUEST } from "../request.js";

export function Composer() {
  const [text, setText] = useState(REQUEST.text);
  const { quote } = useTextMeter({ ...REQUEST, card: rates, text });
  const meter = useRef(null);
  useEffect(() => {
    meter.current.card = rates;
  }, []);
  return (
    <form>
      <textarea id="message" aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
      <text-meter ref={meter} for="message" to="GB" balance="0.05" smart="off" />
      <output id="hook">{quote.total}</output>
    </form>
  );
}
