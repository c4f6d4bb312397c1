// The hook: the price is a value of the render, the box is one's own.
import { useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { useTextMeter } from "textmeter/react";
import rates from "textmeter/rates.json";

function Composer() {
  const [text, setText] = useState("");
  const field = useRef(null);
  const { quote, exceeded, findings, fixAll } = useTextMeter({ card: rates, text, to: "GB", balance: "0.10", smart: false });
  const fixable = findings.some(({ replacement }) => replacement !== null);

  /** By the field's own history, so that undo works; React hears of it as of any input. */
  const fix = () => {
    field.current.focus();
    field.current.select();
    document.execCommand("insertText", false, fixAll().text);
  };
  return (
    <form>
      <textarea ref={field} aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
      <p>
        <output id="cost">{`$${quote.total} · ${quote.segments} × ${quote.encoding}`}</output>{" "}
        {fixable && (
          <button id="fix" type="button" onClick={fix}>
            Fix all
          </button>
        )}{" "}
        <button disabled={exceeded || !quote.sendable}>{exceeded ? `$${quote.cover.shortfall} short` : "Send"}</button>
      </p>
    </form>
  );
}

createRoot(document.querySelector("#root")).render(<Composer />);
