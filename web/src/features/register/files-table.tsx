import { Anchor, Button, Code, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { toWireRequest } from "../../../../src/client/request.ts";
import { wireOperations } from "../../../../src/contract/wire-operations.gen.ts";
import type { AnswerOf } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { curlOfFiles } from "../../ui/curl-line.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { bytesText, countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { shellWord } from "../../ui/shell-word.ts";
import { foldersOf, type TreeRow, treeRows } from "./file-tree.ts";

type Version = AnswerOf<"getModel">;

/** Rows shown at first: a version may have ten thousand files. */
const pageRows = 200;
/** Up to so many files all folders stand open. */
const fewFiles = 50;
/** Files that curl is asked for in one line at most: what a shell takes has an end. */
const mostInLine = 200;

/** The files of a version by folder, with digests and sizes, each to download. */
export function FilesTable({ version }: { version: Version }) {
  const { name, version: number, files } = version;
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(files.length > fewFiles ? [] : foldersOf(files)));
  const [shown, setShown] = useState(pageRows);
  const rows = treeRows(files, open);
  const toggle = (path: string) =>
    setOpen((old) => new Set(old.has(path) ? [...old].filter((one) => one !== path) : [...old, path]));
  const href = (path: string) =>
    toWireRequest(wireOperations.downloadFile, window.location.origin, { name, version: number, path }).url;
  const [first] = files;
  return (
    <Section
      title={`Files (${countText(files.length)})`}
      actions={
        first === undefined ? null : (
          <CopyAs
            operation="downloadFile"
            input={{ name, version: number, path: first.path }}
            curl={
              files.length > mostInLine ? null : curlOfFiles({ name, version: number, files }, window.location.origin)
            }
            label="Copy download as …"
          />
        )
      }
    >
      {files.length === 0 ? (
        <Text size="sm">
          The bytes are at the source only. <Code>modelyard model pull {shellWord(version.reference)}</Code> brings them
          here.
        </Text>
      ) : (
        <Stack gap="sm">
          <DataTable
            label="Files"
            minWidth={520}
            columns={["Name", { label: "Size", align: "right" }, "SHA-256", { label: "Download", hidden: true }]}
          >
            {rows.slice(0, shown).map((row) => (
              <FileRow key={row.kind === "file" ? row.file.path : `${row.path}/`} {...{ row, href, toggle }} />
            ))}
          </DataTable>
          {rows.length > shown ? (
            <Button variant="default" size="xs" w="fit-content" onClick={() => setShown(shown + pageRows)}>
              Show more of {countText(rows.length)}
            </Button>
          ) : null}
        </Stack>
      )}
    </Section>
  );
}

function FileRow({
  row,
  href,
  toggle,
}: {
  row: TreeRow;
  href: (path: string) => string;
  toggle: (path: string) => void;
}) {
  const indent = { paddingInlineStart: `calc(${row.depth} * 1.25rem + 0.625rem)` };
  if (row.kind === "folder")
    return (
      <Table.Tr>
        <Table.Td style={indent}>
          <UnstyledButton fz="sm" fw={500} onClick={() => toggle(row.path)} aria-expanded={row.isOpen}>
            {row.isOpen ? "▾" : "▸"} {row.name}/
          </UnstyledButton>
        </Table.Td>
        <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
          {bytesText(row.size)}
        </Table.Td>
        <Table.Td c="dimmed">{row.files === 1 ? "1 file" : `${countText(row.files)} files`}</Table.Td>
        <Table.Td />
      </Table.Tr>
    );
  const { path, size, digest } = row.file;
  return (
    <Table.Tr>
      <Table.Td style={indent}>{row.name}</Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {bytesText(size)}
      </Table.Td>
      <Table.Td>
        <Code title={digest}>{digest.slice(0, 12)}</Code>
      </Table.Td>
      <Table.Td ta="right">
        <Anchor href={href(path)} download aria-label={`Download ${path}`}>
          Download
        </Anchor>
      </Table.Td>
    </Table.Tr>
  );
}
