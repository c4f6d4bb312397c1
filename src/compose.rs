pub(crate) fn compose(_: char, _: char) -> Option<char> {
    None
}
pub(crate) fn unaccent(_: char) -> Option<&'static str> {
    None
}
