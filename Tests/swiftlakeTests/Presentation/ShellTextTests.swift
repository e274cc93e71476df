import Testing

@testable import swiftlake

@Suite struct ShellTextTests {
    @Test(arguments: [
        ("/a/b.db", "/a/b.db"), ("", "''"), ("a b", "'a b'"), ("$HOME", "'$HOME'"), ("it's", #""it's""#),
        ("it's $1", #"'it'\''s $1'"#), ("a\nb", "'a\nb'"), ("~", "'~'"), ("é", "'é'"),
    ])
    func wordsAreQuotedWhereTheyMustBe(_ text: String, _ word: String) { #expect(ShellText.word(text) == word) }

    @Test func literalsHoldQuotes() {
        #expect(ShellText.sql("it's") == "'it''s'")
        #expect(ShellText.python("a") == "'a'")
        #expect(ShellText.python("it's") == #""it's""#)
        #expect(ShellText.python(#"it's "\"#) == #"'it\'s "\\'"#)
    }
}
