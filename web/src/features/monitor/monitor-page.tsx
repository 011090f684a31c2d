import { Group } from "@mantine/core";
import type { ReactNode } from "react";
import { TextLink } from "../../ui/links.tsx";
import { Page } from "../../ui/page.tsx";

const parts = [
  { to: "/monitor", label: "Overview" },
  { to: "/monitor/usage", label: "Usage" },
  { to: "/monitor/records", label: "Records" },
  { to: "/monitor/alerts", label: "Alerts" },
  { to: "/monitor/labels", label: "Labels" },
  { to: "/monitor/datasets", label: "Data sets" },
  { to: "/monitor/collections", label: "Collections" },
] as const;

/** A page of this step, with the way to its other pages. */
export function MonitorPage(props: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <>
      <Group component="nav" aria-label="Monitor" className="monitor-parts" gap="0 1.25rem" mb="md">
        {parts.map(({ to, label }) => (
          <TextLink
            key={to}
            to={to}
            activeOptions={{ exact: to === "/monitor", includeSearch: false }}
            underline="never"
          >
            {label}
          </TextLink>
        ))}
      </Group>
      <Page {...props} />
    </>
  );
}
