import { afterAll, beforeAll, expect, test } from "vitest";
import { makeClient } from "../../src/client/client.ts";
import type { TestServer } from "../server.ts";
import { inChromium, useBrowser } from "./browser.ts";
import { startWithSums } from "./small-model.ts";

inChromium("a page whose subject is gone, or not for who looks", () => {
  let server: TestServer;
  const browser = useBrowser();
  beforeAll(async () => {
    server = await startWithSums(2);
  });
  afterAll(() => server?.remove());

  test("a version that is deleted elsewhere goes from its page, with the buttons that would change it", async () => {
    const page = await browser.open(server);
    page.expectAnswer(404, "GET");
    await page.visit("/register/models/sums/2");
    await page.getByRole("button", { name: "Delete" }).click();
    await server.client.deleteModel({ name: "sums", version: 2 });
    await page.getByRole("alert").getByText("There is no model sums:2").waitFor();
    expect(await page.getByRole("button", { name: "Delete" }).count()).toBe(0);
  });

  test("a service that is deleted elsewhere answers no more on the page of its revisions; what happened to it stays", async () => {
    await server.client.deployService({ name: "sums", models: ["sums"] });
    const page = await browser.open(server);
    page.expectAnswer(404, "GET");
    await page.visit("/update/services/sums?change=update");
    await page.getByText("Revision 1 answers").waitFor();
    await server.client.deleteService({ name: "sums" });
    await page.getByText("This service was deleted. Its history stays.").waitFor();
    expect(await page.getByText("answers now").count()).toBe(0);
    expect(await page.getByRole("button", { name: /^(Update|Roll back)/ }).count()).toBe(0);
  });

  test("an address that nothing has is told by the pages, and as JSON to programs", async () => {
    const page = await browser.open(server);
    page.expectAnswer(404, "GET");
    await page.visit("/no/such/page");
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    await page.getByRole("link", { name: "Back to Home" }).click();
    await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
    const answer = await fetch(`${server.url}/no/such/page`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: "route-not-found" } });
  });

  test("a service that is served elsewhere has no page of its deployment to lead to", async () => {
    const { token } = await server.client.createToken({ role: "scorer" });
    const event = (kind: string, data: object) => ({
      ...{ specversion: "1.0", id: "e-1", source: "/kserve", type: `org.kubeflow.serving.inference.${kind}` },
      ...{
        inferenceservicename: "elsewhere",
        datacontenttype: "application/json",
        time: new Date().toISOString(),
        data,
      },
    });
    const told = await fetch(`${server.url}/cloudevents`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/cloudevents-batch+json" },
      body: JSON.stringify([event("request", { instances: [[1]] }), event("response", { predictions: [1] })]),
    });
    expect(await told.json()).toMatchObject({ taken: 2 });
    const { items } = await server.client.listRecords({ service: "elsewhere" });
    const page = await browser.open(server);
    await page.visit("/monitor/services/elsewhere?tab=quality");
    await page.getByText("No row has a label yet").waitFor();
    await page.getByText("modelyard label import FILE --service elsewhere").waitFor();
    expect(await page.getByRole("link", { name: "Service", exact: true }).count()).toBe(0);
    await page.visit(`/monitor/records/${items[0]?.id}`);
    expect(await page.getByRole("link", { name: "elsewhere", exact: true }).count()).toBe(0);
  });

  test("what is not there leads to the list of what there is, and offers nothing that could be done with it", async () => {
    const page = await browser.open(server);
    page.expectAnswer(404, "GET");
    for (const [address, list, to] of [
      ["/monitor/services/nope", "All services", "/use"],
      ["/monitor/alerts/nope", "All alerts", "/monitor/alerts"],
      ["/monitor/datasets/nope", "All data sets", "/monitor/datasets"],
    ] as const) {
      await page.visit(address);
      const link = page.getByRole("alert").getByRole("link", { name: list });
      expect(await link.getAttribute("href")).toBe(to);
      expect(await page.getByRole("tab").count()).toBe(0);
    }
  });

  test("filters that no record fits can be cleared", async () => {
    const page = await browser.open(server);
    await page.visit("/monitor/records?service=elsewhere&status=500");
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await page.waitForURL((url) => url.search === "");
  });

  test("a link to what a role may not open says which role it takes", async () => {
    await server.client.deployService({ name: "counted", models: ["sums:1"] });
    const page = await browser.open(server, { role: "reader" });
    for (const [address, words] of [
      ["/use/services/counted?tab=try", "To send requests takes the role scorer or a higher one"],
      ["/use/deploy", "To deploy a service takes the role contributor or a higher one"],
      ["/register/upload", "To register models takes the role contributor or a higher one"],
      ["/update/services/counted?change=update", "takes the role contributor or a higher one"],
      ["/settings?tab=tokens", "To see tokens takes the role admin."],
    ] as const) {
      await page.visit(address);
      await page.getByText(words).waitFor();
    }
  });

  test("a session that ends while its page is open is told so, and signing in leads back to the page", async () => {
    const { id, token } = await server.client.createToken({ name: "for a while", role: "contributor" });
    const page = await browser.open(
      { ...server, token, client: makeClient({ url: server.url, token, fetch }) },
      { role: "admin" }, // whoever the client is
    );
    page.expectAnswer(401, "GET");
    await page.visit("/register/models/sums");
    await server.client.revokeToken({ id });
    await page.getByText("Your session has ended").waitFor();
    await page.getByLabel("Token").first().fill(server.token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "sums" }).waitFor();
  });
});
