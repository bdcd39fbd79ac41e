// Checks proofs and published trees by the library that Go's own transparency log has. It knows nothing of annals but how
// a receipt is laid out, and that tiles lie at tile/L/N instead of tile/8/L/N.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(why ...interface{}) {
	fmt.Println(why...)
	os.Exit(1)
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	check(err)
	return n
}

func hash(text string) tlog.Hash {
	h, err := tlog.ParseHash(text)
	check(err)
	return h
}

func hashes(lines []string) (all []tlog.Hash) {
	for _, line := range lines {
		all = append(all, hash(line))
	}
	return all
}

// A proof's lines up to the empty one, and size and root in the checkpoint behind it.
func proof(text, title string) ([]string, tlog.Tree) {
	_, behind, found := strings.Cut(text, "\n"+title+"\n")
	if !found {
		fail("no", title)
	}
	head, checkpoint, _ := strings.Cut(behind, "\n\n")
	lines := strings.Split(checkpoint, "\n")
	return strings.Split(head, "\n"), tlog.Tree{N: number(lines[1]), Hash: hash(lines[2])}
}

func receipt(text string) {
	_, behind, _ := strings.Cut(text, "\nenvelope ")
	envelope, err := base64.StdEncoding.DecodeString(strings.SplitN(behind, "\n", 2)[0])
	check(err)
	lines, tree := proof(text, "c2sp.org/tlog-proof@v1")
	index := number(strings.TrimPrefix(lines[0], "index "))
	check(tlog.CheckRecord(hashes(lines[1:]), tree.N, tree.Hash, index, tlog.RecordHash(envelope)))
}

func growth(text string) {
	lines, tree := proof(text, "annals.tlog-consistency@v1")
	old := strings.Fields(lines[0])
	check(tlog.CheckTree(hashes(lines[1:]), tree.N, tree.Hash, number(old[1]), hash(old[2])))
}

type folder string

func (dir folder) Height() int                             { return 8 }
func (dir folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (dir folder) ReadTiles(tiles []tlog.Tile) (all [][]byte, err error) {
	for _, tile := range tiles {
		path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		data, err := os.ReadFile(filepath.Join(string(dir), path))
		if os.IsNotExist(err) && tile.W < 256 {
			full := tile
			full.W = 256
			data, err = os.ReadFile(filepath.Join(string(dir), "tile/"+strings.TrimPrefix(full.Path(), "tile/8/")))
			if err == nil {
				data = data[:tile.W*32]
			}
		}
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// The entries of a bundle as the specification has them.
func entries(dir folder, n, width int64) (all [][]byte) {
	tile := tlog.Tile{H: 8, L: -1, N: n, W: int(width)}
	path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(string(dir), path))
	check(err)
	for len(data) > 0 {
		length := binary.BigEndian.Uint16(data)
		all = append(all, data[2:2+length])
		data = data[2+length:]
	}
	return all
}

func published(dir folder, key string) {
	verifier, err := note.NewVerifier(key)
	check(err)
	message, err := os.ReadFile(filepath.Join(string(dir), "checkpoint"))
	check(err)
	opened, err := note.Open(message, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	tree := tlog.Tree{N: number(lines[1]), Hash: hash(lines[2])}
	reader := tlog.TileHashReader(tree, dir)
	for n := int64(0); n*256 < tree.N; n++ {
		width := tree.N - n*256
		if width > 256 {
			width = 256
		}
		for i, entry := range entries(dir, n, width) {
			index := n*256 + int64(i)
			proof, err := tlog.ProveRecord(tree.N, index, reader)
			check(err)
			check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
			old, err := tlog.TreeHash(index+1, reader)
			check(err)
			growth, err := tlog.ProveTree(tree.N, index+1, reader)
			check(err)
			check(tlog.CheckTree(growth, tree.N, tree.Hash, index+1, old))
		}
	}
	fmt.Println(tree.N)
}

func main() {
	switch os.Args[1] {
	case "receipt", "growth":
		text, err := os.ReadFile(os.Args[2])
		check(err)
		map[string]func(string){"receipt": receipt, "growth": growth}[os.Args[1]](string(text))
	case "published":
		published(folder(os.Args[2]), os.Args[3])
	}
}
