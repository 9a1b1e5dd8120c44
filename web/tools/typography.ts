// Sets the words of a source file as French (src/words/typography.ts). One character for another: nothing else moves.
import ts from "typescript";
import { french } from "../src/words/typography";

/** `code` with its strings, templates and JSX text set as French. */
export function narrow(code: string, name: string): string {
  const file = ts.createSourceFile(name, code, ts.ScriptTarget.Latest, false, name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  let out = code;
  const visit = (node: ts.Node): void => {
    const templated = ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isJsxText(node) || templated) {
      const from = ts.isJsxText(node) ? node.pos : node.getStart(file);
      out = out.slice(0, from) + around(out.slice(from, node.end), node) + out.slice(node.end);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return out;
}

/** Quotes, braces and backquotes stay out of it; what a ${} or a {} gives counts as a word. */
function around(text: string, node: ts.Node): string {
  if (ts.isJsxText(node)) return french(`}${text}`).slice(1);
  const open = ts.isTemplateMiddle(node) || ts.isTemplateTail(node) ? "}" : text[0];
  const close = ts.isTemplateHead(node) || ts.isTemplateMiddle(node) ? 2 : 1;
  const inner = text.slice(1, -close);
  return open + french(`${open === "}" ? "}" : " "}${inner}`).slice(1) + text.slice(-close);
}
