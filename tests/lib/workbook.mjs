// Workbooks for tests, written part by part so that a test can make them as wrong as it likes.
//
//   workbook([{ name: "Feuil1", rows: [["SIRET", "Nom"], [{ n: 41816609600069 }, "OCTO"]] }])   // a Buffer
//   zip([{ name: "a.txt", data: "..." }])
import { crc32 as crcOf, deflateRawSync, inflateRawSync } from "node:zlib";

const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});
// Debian 12's Node 18 has no zlib.crc32.
const crc32 = crcOf ?? ((data) => {
  let c = 0xffffffff;
  for (const byte of data) c = table[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
});

/** An archive. Per entry: name, data; `stored`: not compressed; `flags`, `crc`, `size`: what it claims. */
export function zip(entries) {
  const parts = [];
  const central = [];
  let at = 0;
  for (const { name, data, stored = false, flags = 0, crc, size } of entries) {
    const bytes = Buffer.from(data);
    const body = stored ? bytes : deflateRawSync(bytes);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(stored ? 0 : 8, 8);
    local.writeUInt32LE(crc ?? crc32(bytes), 14);
    local.writeUInt32LE(body.length, 18);
    local.writeUInt32LE(size ?? bytes.length, 22);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const head = Buffer.alloc(46);
    head.writeUInt32LE(0x02014b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(20, 6);
    local.copy(head, 8, 6, 30);
    head.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), body);
    central.push(head, Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + body.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

const escape = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

export function letters(column) {
  let text = "";
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) text = String.fromCharCode(65 + ((n - 1) % 26)) + text;
  return text;
}

// Styles: 1 a date, 2 five digits, 3 fourteen digits, 4 a date with its time.
const styles = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="3">
<numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="00000000000000"/><numFmt numFmtId="166" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>
<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>
<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>`;

/**
 * The parts of a workbook; cells are texts (shared strings) or { n: number, s: style }, { inline: text },
 * { f: formula, v: value }, { b: boolean }, { e: error }, null. A sheet is hidden (true), or some of its rows are (numbers).
 */
export function parts(sheets) {
  const strings = [];
  const known = new Map();
  const shared = (text) => {
    if (!known.has(text)) known.set(text, strings.push(text) - 1);
    return known.get(text);
  };
  const cell = (value, column, row) => {
    const r = `r="${letters(column)}${row}"`;
    if (value === null || value === undefined || value === "") return "";
    if (typeof value === "string") return `<c ${r} t="s"><v>${shared(value)}</v></c>`;
    if ("n" in value) return `<c ${r}${value.s ? ` s="${value.s}"` : ""}><v>${value.n}</v></c>`;
    if ("inline" in value) return `<c ${r} t="inlineStr"><is><r><t xml:space="preserve">${escape(value.inline)}</t></r></is></c>`;
    if ("f" in value) return `<c ${r} t="str"><f>${escape(value.f)}</f><v>${escape(value.v)}</v></c>`;
    if ("b" in value) return `<c ${r} t="b"><v>${value.b ? 1 : 0}</v></c>`;
    return `<c ${r} t="e"><v>${value.e}</v></c>`;
  };
  const written = sheets.map(
    ({ rows, columns = "", merged = [], hidden: unseen = [] }) =>
      `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${columns && `<cols>${columns}</cols>`}<sheetData>${rows
        .map((cells, i) => (cells ? `<row r="${i + 1}"${unseen.includes?.(i + 1) ? ' hidden="1"' : ""}>${cells.map((value, c) => cell(value, c, i + 1)).join("")}</row>` : ""))
        .join("")}</sheetData>${merged.length ? `<mergeCells>${merged.map((ref) => `<mergeCell ref="${ref}"/>`).join("")}</mergeCells>` : ""}</worksheet>`,
  );
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const relations = (list) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`).join("")}</Relationships>`;
  return [
    { name: "[Content_Types].xml", data: `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>` },
    { name: "_rels/.rels", data: relations([["rId1", "officeDocument", "xl/workbook.xml"]]) },
    {
      name: "xl/workbook.xml",
      data: `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><sheets>${sheets
        .map(({ name, hidden }, i) => `<sheet name="${escape(name)}" sheetId="${i + 1}"${hidden === true ? ' state="hidden"' : ""} r:id="rId${i + 1}"/>`)
        .join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      data: relations([
        ...sheets.map((_, i) => [`rId${i + 1}`, "worksheet", `worksheets/sheet${i + 1}.xml`]),
        ["rId901", "sharedStrings", "sharedStrings.xml"],
        ["rId902", "styles", "/xl/styles.xml"],
      ]),
    },
    ...written.map((data, i) => ({ name: `xl/worksheets/sheet${i + 1}.xml`, data })),
    { name: "xl/styles.xml", data: styles },
    { name: "xl/sharedStrings.xml", data: `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${strings.map((text) => `<si><t xml:space="preserve">${escape(text)}</t></si>`).join("")}</sst>` },
  ];
}

export const workbook = (sheets) => zip(parts(sheets));

/** A spreadsheet as LibreOffice writes it; cells are texts, { n: number, shown: text }, { date: "2026-11-12" }, { times: n }, null. */
export function openDocument(sheets) {
  const cell = (value) => {
    if (value === null || value === undefined || value === "") return "<table:table-cell/>";
    if (typeof value === "string") return `<table:table-cell office:value-type="string"><text:p>${value.split("\n").map(escape).join("</text:p><text:p>")}</text:p></table:table-cell>`;
    if ("times" in value) return `<table:table-cell table:number-columns-repeated="${value.times}"/>`;
    if ("date" in value) return `<table:table-cell office:value-type="date" office:date-value="${value.date}"><text:p>${value.shown ?? value.date}</text:p></table:table-cell>`;
    return `<table:table-cell office:value-type="float" office:value="${value.n}">${value.note ? `<office:annotation><text:p>${escape(value.note)}</text:p></office:annotation>` : ""}<text:p>${value.shown ?? value.n}</text:p></table:table-cell>`;
  };
  const row = (cells) => (cells ? `<table:table-row>${cells.map(cell).join("")}</table:table-row>` : "<table:table-row><table:table-cell/></table:table-row>");
  const content = `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>${sheets
    .map(({ name, rows, hidden }) => `<table:table table:name="${escape(name)}"${hidden ? ' table:style-name="ta2"' : ""}>${rows.map(row).join("")}<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>`)
    .join("")}</office:spreadsheet></office:body></office:document-content>`;
  return zip([
    { name: "mimetype", data: "application/vnd.oasis.opendocument.spreadsheet", stored: true },
    { name: "content.xml", data: content },
    { name: "META-INF/manifest.xml", data: "<manifest/>" },
  ]);
}

/** A workbook in the XML of Excel 2003; sheets of rows as they are written in it. */
export const xml2003 = (sheets) => `<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\n<Styles><Style ss:ID="long"><NumberFormat ss:Format="00000000000000"/></Style></Styles>${sheets
  .map(({ name, rows, hidden }) => `<Worksheet ss:Name="${escape(name)}"><Table>${rows}</Table><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">${hidden ? "<Visible>SheetHidden</Visible>" : ""}</WorksheetOptions></Worksheet>`)
  .join("")}</Workbook>`;

/** A document of Office before 2007 with these streams, empty: what an encrypted workbook is put in. */
export function compound(names) {
  const none = 0xffffffff, last = 0xfffffffe;
  const header = Buffer.alloc(512, 0xff);
  Buffer.from("D0CF11E0A1B11AE1", "hex").copy(header);
  header.fill(0, 8, 76);
  for (const [at, value] of [[24, 0x3e], [26, 3], [28, 0xfffe], [30, 9], [32, 6]]) header.writeUInt16LE(value, at);
  for (const [at, value] of [[44, 1], [48, 1], [56, 4096], [60, last], [68, last], [76, 0]]) header.writeUInt32LE(value, at);
  const chains = Buffer.alloc(512, 0xff);
  chains.writeUInt32LE(0xfffffffd, 0);
  chains.writeUInt32LE(last, 4);
  const directory = Buffer.alloc(512);
  ["Root Entry", ...names].slice(0, 4).forEach((name, index, all) => {
    const at = 128 * index;
    directory.write(name, at, "utf16le");
    directory.writeUInt16LE(2 * name.length + 2, at + 64);
    directory[at + 66] = index ? 2 : 5;
    directory.writeUInt32LE(none, at + 68);
    directory.writeUInt32LE(index && index + 1 < all.length ? index + 1 : none, at + 72);
    directory.writeUInt32LE(index ? none : 1, at + 76);
    directory.writeUInt32LE(last, at + 116);
  });
  return Buffer.concat([header, chains, directory]);
}

/** What a workbook holds: { sheet name: rows of texts and numbers }. For what libraries write, not for anything wrong. */
export function readWorkbook(bytes) {
  const files = new Map();
  let at = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  let left = bytes.readUInt16LE(at + 10);
  for (at = bytes.readUInt32LE(at + 16); left > 0; left--) {
    const [method, size, nameSize, extra, comment, offset] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    const from = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
    const data = bytes.subarray(from, from + size);
    files.set(bytes.toString("utf8", at + 46, at + 46 + nameSize), (method === 8 ? inflateRawSync(data) : data).toString("utf8"));
    at += 46 + nameSize + extra + comment;
  }
  const plain = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&");
  const strings = [...(files.get("xl/sharedStrings.xml") ?? "").matchAll(/<si>.*?<t[^>]*>(.*?)<\/t>.*?<\/si>/gs)].map(([, text]) => plain(text));
  const names = [...files.get("xl/workbook.xml").matchAll(/<sheet name="([^"]*)"/g)].map(([, name]) => plain(name));
  const column = (ref) => [...ref.replace(/\d/g, "")].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return Object.fromEntries(names.map((name, index) => [name, [...files.get(`xl/worksheets/sheet${index + 1}.xml`).matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row]) => {
    const cells = [];
    for (const [, ref, rest, value] of row.matchAll(/<c r="([A-Z]+\d+)"([^>]*)><v>(.*?)<\/v><\/c>/g)) cells[column(ref)] = / t="s"/.test(rest) ? strings[Number(value)] : Number(value);
    for (const [, ref, value] of row.matchAll(/<c r="([A-Z]+\d+)"[^>]* t="inlineStr"><is><t[^>]*>(.*?)<\/t><\/is><\/c>/gs)) cells[column(ref)] = plain(value);
    return cells;
  })]));
}
