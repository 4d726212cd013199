/// The documents of one file of one format.
protocol RecordSource: AnyObject {
    /// Nil after the last. What can be passed over is noted; what is thrown ends the file.
    func next(_ faults: inout FaultLog) throws(CorpusError) -> RawDocument?
    var bytesRead: Int { get }
}
