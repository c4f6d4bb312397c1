// Texts that would do something if anything in the page took them for more than texts.

/** By hand, the classical ones: each sets `hurt`, asks somebody else for something, or makes an element. */
const CLASSICAL = [
  "<script>hurt=1</script>",
  "<ScRiPt/x>hurt=2</sCrIpT >",
  "<img src=x onerror=hurt=3>",
  '"><img src=x onerror="hurt=4">',
  "'><svg/onload=hurt=5>",
  "<svg><script>hurt=6</script></svg>",
  '<svg><animate onbegin=hurt=7 attributeName=x dur=1s>',
  '" autofocus onfocus="hurt=8" x="',
  "' onmouseover='hurt=9' style='position:fixed;inset:0",
  "x onpointerenter=hurt=10",
  "javascript:hurt=11",
  "JaVaScRiPt&colon;hurt=12",
  "java\tscript:hurt=13",
  "data:text/html,<script>parent.hurt=14</script>",
  '<a href="javascript:hurt=15" id=text>press</a>',
  "<iframe srcdoc='<script>parent.hurt=16</script>'></iframe>",
  '<iframe src="javascript:parent.hurt=17">',
  "<details open ontoggle=hurt=18>",
  "<video><source onerror=hurt=19></video>",
  "<body onload=hurt=20><input autofocus onfocus=hurt=21>",
  "<math><mtext><table><mglyph><style><!--</style><img src onerror=hurt=22>",
  '<noscript><p title="</noscript><img src=x onerror=hurt=23>">',
  "</textarea><script>hurt=24</script>",
  "</title></style></script><img src onerror=hurt=25>",
  "--><img src=x onerror=hurt=26>",
  "]]><img src=x onerror=hurt=27>",
  "<template><img src onerror=hurt=28></template>",
  "<base href=https://evil.example/>",
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<style>@import "https://evil.example/x.css";*{color:red}</style>',
  '<x style="background:url(https://evil.example/x)">',
  "</style><img src=https://evil.example/pixel>",
  '<form action="https://evil.example/"><button>go</button></form>',
  '<object data="https://evil.example/"></object><embed src=//evil.example>',
  "<text-meter for=text rates=https://evil.example/rates.json></text-meter>",
  "<form id=text><input name=value><input id=list-template></form>",
  "<img name=body><a id=witnessed>",
  "&lt;img src=x onerror=hurt=29&gt;",
  "&#60;img src=x onerror=hurt=30&#62;",
  "%3Cimg%20src=x%20onerror=hurt=31%3E",
  "\\u003cimg src=x onerror=hurt=32\\u003e",
  "\\x3cscript\\x3ehurt=33\\x3c/script\\x3e",
  "+ADw-script+AD4-hurt=34+ADw-/script+AD4-",
  "<\0script>hurt=35</\0script>",
  "\u2028<img src=x onerror=hurt=36>\u2029",
  "\u202e<img src=x onerror=hurt=37>",
  "＜img src=x onerror=hurt=38＞",
  "{{constructor.constructor('hurt=39')()}}",
  "${hurt=40}#{hurt=41}<%=hurt=42%>",
  "');hurt=43;//",
  '";hurt=44;//',
  "\n\r\n<img src=x\nonerror=hurt=45>",
  "=HYPERLINK(\"https://evil.example/\",\"x\")",
  "__proto__",
  "constructor",
];

const JOINTS = ["", " ", "\n", "\t", "\0", "\u00a0", "\u200b", "\ufeff", "\u202e", "/", ">", "\"", "'", "&", "--", "{{", "}}", "👩🏽‍💻", "é"];

/** So many mixtures of pieces of them, the same for the same seed. */
function mixtures(count, seed) {
  let state = seed;
  const next = (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0) % below;
  };
  const piece = () => {
    const whole = CLASSICAL[next(CLASSICAL.length)];
    const from = next(3) === 0 ? next(whole.length) : 0;
    return next(3) === 0 ? whole.slice(from, from + 1 + next(whole.length)) : whole.slice(from);
  };
  return Array.from({ length: count }, () => Array.from({ length: 2 + next(3) }, piece).join(JOINTS[next(JOINTS.length)]));
}

export const vectors = (mixed, seed) => [...CLASSICAL, ...mixtures(mixed, seed)];

/** The same without teeth, of the same length and cost: what the page makes of it is what it makes of any text. */
export const harmless = (word) =>
  word.replace(/[<>&"'＜＞]/g, (sign) => ({ "<": "?", ">": ";", "&": "%", '"': "!", "'": "*", "＜": "（", "＞": "）" })[sign]);
