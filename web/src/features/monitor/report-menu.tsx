import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { client } from "../../api.ts";
import { addressOf } from "../../ui/address-of.ts";
import { commandOf } from "../../ui/command-line.ts";
import { CopyItems } from "../../ui/copy-as.tsx";
import { curlOf } from "../../ui/curl-line.ts";
import { ErrorCard } from "../../ui/error-card.tsx";
import { loadPart } from "../../ui/load-part.ts";
import { saveText } from "../../ui/save-text.ts";

/** The week of a service, to be kept and passed on: as one page with plots, or as data. */
export function ReportMenu({ service }: { service: string }) {
  const [isBusy, setBusy] = useState(false);
  const input = { name: service, since: "7d" };
  const savePage = async () => {
    setBusy(true);
    try {
      const [report, { reportPage }] = await Promise.all([
        client.reportService(input),
        loadPart(() => import("../../../../src/client/report/report-page.ts")),
      ]);
      saveText(`${service}-report.html`, "text/html", reportPage(report));
    } catch (error) {
      notifications.show({ message: <ErrorCard error={error} />, withBorder: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="xs" loading={isBusy}>
          Report
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>The last 7 days</Menu.Label>
        <Menu.Item onClick={() => void savePage()}>Download as a page with plots</Menu.Item>
        <Menu.Item component="a" href={addressOf("reportService", input)} download={`${service}-report.json`}>
          Download as JSON
        </Menu.Item>
        <Menu.Divider />
        <CopyItems
          command={`${commandOf("reportService", input)} --html report.html`}
          curl={`${curlOf("reportService", input, window.location.origin)} -o report.json`}
        />
      </Menu.Dropdown>
    </Menu>
  );
}
