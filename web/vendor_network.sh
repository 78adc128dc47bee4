#!/bin/sh
# Rebuilds the vendored vis-network bundle: the *peer* build, which injects no <style> and runs under a strict
# Content-Security-Policy with Trusted Types. Needs node and npm; nothing at run time does. Same bytes every time.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
version=10.1.5
folder="$here/static/vis-network-$version"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

printf '{"private": true}\n' > package.json
npm install --ignore-scripts --no-audit --no-fund --save-exact \
    "vis-network@$version" vis-data@8.0.6 vis-util@6.0.3 @egjs/hammerjs@2.0.17 component-emitter@2.0.0 \
    keycharm@0.4.0 uuid@14.0.3 esbuild@0.28.2

printf 'export { Network } from "vis-network";\nexport { DataSet } from "vis-data";\n' > entry.mjs
npx esbuild entry.mjs --bundle --minify --format=esm --target=es2022 --legal-comments=none \
    --outfile=vis-network.min.js
if grep -q 'createElement("style")' vis-network.min.js; then
    echo "The bundle writes <style> elements: it is not the peer build, and the pages' policy would block it." >&2
    exit 1
fi

mkdir -p "$folder"
cp vis-network.min.js "$folder/vis-network.min.js"
: > "$folder/LICENCES.txt"
for package in vis-network vis-data vis-util @egjs/hammerjs component-emitter keycharm uuid; do
    title=$(node -p "const p = require('./node_modules/$package/package.json'); p.name + ' ' + p.version + ' (' + p.license + ')'")
    for licence in "node_modules/$package"/LICENSE-MIT "node_modules/$package"/LICENSE.md "node_modules/$package"/license; do
        [ -f "$licence" ] || continue
        printf '%s\n\n' "$title" >> "$folder/LICENCES.txt"
        cat "$licence" >> "$folder/LICENCES.txt"
        printf '\n\n' >> "$folder/LICENCES.txt"
    done
done
(cd "$folder" && sha256sum vis-network.min.js LICENCES.txt > SHA256SUMS)
