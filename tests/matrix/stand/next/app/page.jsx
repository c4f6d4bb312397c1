// Priced on the server, in a server component; the composer is priced in the browser too.
import rates from "textmeter/rates.json";
import { createMeter } from "textmeter";
import { REQUEST } from "../request.js";
import { Composer } from "./composer.jsx";

export default function Page() {
  return (
    <main>
      <pre id="server">{JSON.stringify(createMeter(rates).quote(REQUEST))}</pre>
      <Composer />
    </main>
  );
}
