/// What one running call of `encode` owns: buffers and the cache of pieces.
struct Scratch {
    var cache = PieceCache()
    var buffer = MergeBuffer()
    var search = TokenSearch.Memory()
    var lattice = UnigramLattice()
}
