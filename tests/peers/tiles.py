"""Audits a published tree over HTTP by aics-tlog, which knows nothing of annals: ADDRESS KEY. Prints its size."""

import sys

import aics_tlog

address, key = sys.argv[1:]
reader = aics_tlog.HttpTileReader([address])
verdict = aics_tlog.verify_checkpoint(aics_tlog.parse_note(reader.read_checkpoint()), aics_tlog.parse_vkey(key))
assert verdict.ok, verdict
size, root = verdict.size, verdict.root
aics_tlog.audit_tiles(reader, size, root)
tree = aics_tlog.VerifiedTileReader(reader, size, root)
for index in range(0, size, 37):
    entry = tree.entry(index)
    assert len(entry) == 112
    proof = aics_tlog.inclusion_proof_from_tiles(tree, index, size)
    assert aics_tlog.verify_leaf_inclusion(entry, index, size, proof, root)
    old = aics_tlog.tree_root_from_tiles(tree, index + 1, size)
    growth = aics_tlog.consistency_proof_from_tiles(tree, index + 1, size)
    assert aics_tlog.verify_consistency(index + 1, size, old, root, growth)
print(size)
