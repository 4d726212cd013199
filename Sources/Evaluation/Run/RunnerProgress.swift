/// How far a task has come.
package struct RunnerProgress: Sendable, Equatable {
    package var task: String
    package var items: Int
    package var done = 0
    /// Items for which the model was asked; the others were answered before.
    package var asked = 0

    init(task: String, items: Int) {
        self.task = task
        self.items = items
    }
}
