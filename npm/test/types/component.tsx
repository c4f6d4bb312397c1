// The same in a React project.
import { useRef, useState } from "react";
import type { TextMeter } from "textmeter/element";
import { useTextMeter } from "textmeter/react";

export function Composer({ card }: { card: object }) {
  const [text, setText] = useState("");
  const box = useRef<TextMeter>(null);
  const { quote, exceeded, fixAll } = useTextMeter({ card, text, to: "GB", balance: "5.00" });
  const fixed: string | undefined = fixAll()?.text;
  return (
    <form>
      <textarea id="message" value={text} onChange={(event) => setText(event.target.value)} />
      <text-meter ref={box} for="message" to="GB" balance="5.00" rates="rates.json" />
      <button disabled={exceeded || !quote?.sendable} onClick={() => fixed && setText(fixed)}>
        {quote?.total ?? "no price"}
      </button>
    </form>
  );
}
