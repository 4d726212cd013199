extension ParameterLayout {
    /// transformers' name of the row that turns the last hidden state into a score, and PEFT's (`modules_to_save`).
    static let scoreName = "score.weight"
    static let adaptedScoreName = "base_model.model.score.weight"

    /// The score's row after all others. It is no matrix for Muon: it has one row.
    func adding(score name: String, width: Int) -> ParameterLayout {
        let entry = Entry(name: name, shape: [1, width], offset: count, kind: .embedding)
        return ParameterLayout(entries: entries + [entry], count: count + width)
    }
}
