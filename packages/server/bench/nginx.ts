/** nginx as a peer that serves files, and takes them by WebDAV. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort, type Served } from "./processes.ts";

export const hasNginx = (): boolean => spawnSync("nginx", ["-v"]).status === 0;

/** Serves what lies in `directory`, and puts there what it is sent. */
export async function nginx(directory: string): Promise<Served> {
  const port = await freePort();
  const own = join(directory, ".nginx");
  await mkdir(own);
  const path = join(own, "nginx.conf");
  await writeFile(path, configuration({ directory, own, port }));
  const child = spawn("nginx", ["-c", path, "-p", own, "-e", join(own, "error.log")], { stdio: "ignore" });
  const exited = once(child, "exit");
  await answers(port);
  return {
    port,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

const configuration = ({ directory, own, port }: { directory: string; own: string; port: number }): string => `
daemon off;
user ${process.getuid?.() === 0 ? "root" : "nobody"};
worker_processes auto;
pid ${own}/nginx.pid;
events {}
http {
  access_log off;
  sendfile on;
  client_body_temp_path ${own}/body;
  proxy_temp_path ${own}/proxy;
  fastcgi_temp_path ${own}/fastcgi;
  uwsgi_temp_path ${own}/uwsgi;
  scgi_temp_path ${own}/scgi;
  server {
    listen 127.0.0.1:${port};
    root ${directory};
    client_max_body_size 0;
    dav_methods PUT;
  }
}
`;

const ATTEMPTS_MAX = 100;

async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const socket = connect({ port, host: "127.0.0.1" });
    const outcome = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (outcome) return;
    await pause(20);
  }
  throw new Error("nginx does not answer");
}
