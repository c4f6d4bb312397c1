/** Every failure of this package: what (`code`), where (`at`) and what to do (`message`). */
export class TextmeterError extends Error {
  constructor(code, at, message) {
    super(message);
    this.name = "TextmeterError";
    this.code = code;
    this.at = at;
  }
}
