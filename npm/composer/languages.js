/** The reader's languages; on a server that has no reader, the machine's own. */
export const languages = () => globalThis.navigator?.languages;
