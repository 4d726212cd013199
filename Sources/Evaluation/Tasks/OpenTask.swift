import Dialogue
import JSON

/// Questions without one right answer: what a model says to them is kept, and a judge compares it with another's
/// (`danlu eval compare --judge`).
enum OpenTask {
    static let kind = TaskKind(
        name: "open", zh: "开放问题，由裁判比较", en: "open questions, for a judge to compare",
        source: "github.com/LianjiaTech/BELLE, eval_set.json (ODC-By), or one's own open.jsonl", shots: 0
    ) { settings, kind in
        let path = try settings.find(
            ["open.jsonl", "belle-eval-1k.jsonl", "belle-eval-1k.jsonl.gz"], task: "open", source: kind.source)
        let items = try settings.limited(DataFile.jsonLines(path), "open").map { line, value in
            EvaluationItem(
                id: "\(line)", group: value["class"]?.string ?? "",
                work: .generation(
                    .chat([Message(role: .user, content: try value.text("question", path, line))]),
                    tokensMax: tokensMax, stops: [], check: .judge))
        }
        return EvaluationTask(name: "open", metric: .judged, items: items)
    }

    private static let tokensMax = 384
}
