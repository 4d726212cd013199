/// What is wrong with a member of a record, and how to mend it.
struct FieldFault: Error {
    /// `messages[2].content`; empty for the record as a whole.
    var field: String
    var problem: Wording

    init(_ field: String, zh: String, en: String) {
        self.field = field
        problem = Wording(zh: zh, en: en)
    }
}
