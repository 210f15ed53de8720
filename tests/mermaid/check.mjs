// SPDX-License-Identifier: GPL-3.0-or-later
// Reads [{"name", "text"}] from standard input and writes those that Mermaid's own parser refuses, or that hold
// other nodes, labels or edges than were meant: [{"name", "error"}].
import { JSDOM } from "jsdom";

const dom = new JSDOM("<!DOCTYPE html><body></body>");
globalThis.window = dom.window;
globalThis.document = dom.window.document;

const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const charts = JSON.parse(Buffer.concat(chunks).toString("utf8"));
const refused = [];
for (const chart of charts) {
    try {
        const { db } = await mermaid.mermaidAPI.getDiagramFromText(chart.text);
        if (chart.nodes !== undefined && db.getVertices().size !== chart.nodes)
            throw new Error(`${db.getVertices().size} nodes where ${chart.nodes} were meant`);
        if (chart.edges !== undefined && db.getEdges().length !== chart.edges)
            throw new Error(`${db.getEdges().length} edges where ${chart.edges} were meant`);
    } catch (error) {
        refused.push({ name: chart.name, error: String(error?.message ?? error) });
    }
}
process.stdout.write(JSON.stringify(refused));
