import { JsonInput, NativeSelect, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import type { RequestForm } from "./request-form.ts";

/** What is sent: a field for each column, rows as JSON or CSV, or the body itself. */
export function RequestFields({ form }: { form: RequestForm }) {
  switch (form.way) {
    case "fields":
      return (
        <SimpleGrid cols={{ base: 2, xs: 3, lg: 4 }} spacing="xs" verticalSpacing="xs">
          {form.columns?.map(({ name, only }, place) => {
            const common = {
              label: name,
              value: form.cells[place] ?? "",
              onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
                form.setCell(place, value),
            };
            return only === null ? (
              <TextInput key={name} {...common} autoComplete="off" />
            ) : (
              <NativeSelect key={name} {...common} data={only.map(String)} />
            );
          })}
        </SimpleGrid>
      );
    case "rows":
      return (
        <Textarea
          label="Rows"
          description={`JSON (a list of rows or of objects) or CSV${form.columns?.length ? `, ${form.columns.length} columns` : ""}`}
          value={form.rowsText}
          onChange={({ currentTarget: { value } }) => form.setRowsText(value)}
          error={form.body.problem}
          autosize
          minRows={6}
          maxRows={20}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
          spellCheck={false}
        />
      );
    case "raw":
      return (
        <JsonInput
          label="Request body"
          description="Sent as it stands"
          value={form.body.text ?? ""}
          onChange={form.setRaw}
          autosize
          minRows={6}
          maxRows={20}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
          spellCheck={false}
        />
      );
  }
}
