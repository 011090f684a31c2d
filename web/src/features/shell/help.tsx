import { Checkbox, Kbd, Table, Text } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "../../ui/dialog.tsx";
import { areKeysOn, turnKeys } from "./keys.ts";
import { places } from "./places.ts";

const others = [
  { keys: ["/"], does: "Search models, services and pages" },
  { keys: ["?"], does: "This list" },
  { keys: ["Esc"], does: "Close what is open" },
];

/** The keys that work on every page. */
export default function Help({ onClose }: { onClose: () => void }) {
  const [isOn, setOn] = useState(areKeysOn);
  const rows = [
    ...others,
    ...places.map(({ key, label, about }) => ({ keys: ["g", key], does: `${label}: ${about.toLowerCase()}` })),
  ];
  return (
    <Dialog onClose={onClose} title="Keyboard">
      <Table aria-label="Keys">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Keys</Table.Th>
            <Table.Th>What they do</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ keys, does }) => (
            <Table.Tr key={does}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                {keys.map((key, place) => (
                  <span key={key}>
                    {place === 0 ? null : " then "}
                    <Kbd>{key}</Kbd>
                  </span>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Checkbox
        mt="md"
        label="Single keys do this"
        description="Off for who dictates; Tab and Enter reach everything anyway"
        checked={isOn}
        onChange={({ currentTarget }) => {
          turnKeys(currentTarget.checked);
          setOn(currentTarget.checked);
        }}
      />
      <Text size="sm" c="dimmed" mt="md">
        The command line does all that the pages do: every action has its command under “Copy as”.
      </Text>
    </Dialog>
  );
}
