/// How dialogues are found in running text.
package struct DialogueSettings: Sendable {
    /// Turns in a row that make a dialogue.
    package var turnsMin: Int
    /// A turn with more bytes is none.
    package var turnBytesMax: Int

    package init(turnsMin: Int, turnBytesMax: Int) {
        self.turnsMin = turnsMin
        self.turnBytesMax = turnBytesMax
    }

    init(_ table: inout RecipeTable) throws(WashingError) {
        turnsMin = max(2, try table.count("turns_min", 2))
        turnBytesMax = try table.count("turn_bytes_max", 8192)
    }
}
