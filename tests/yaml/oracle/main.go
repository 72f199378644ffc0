// SPDX-License-Identifier: Apache-2.0

// Reads texts, separated by lines of "=====", and prints what Kubernetes' YAML reader makes of each
// as JSON lines: {"text": …, "json": …} or {"text": …, "error": true}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

type line struct {
	Text  string          `json:"text"`
	JSON  json.RawMessage `json:"json,omitempty"`
	Error bool            `json:"error,omitempty"`
}

func main() {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for _, text := range strings.Split(string(input), "\n=====\n") {
		found := line{Text: text}
		if made, err := yaml.YAMLToJSON([]byte(text)); err != nil {
			found.Error = true
		} else {
			found.JSON = made
		}
		if err := encoder.Encode(found); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
