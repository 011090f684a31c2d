#!/bin/sh
# Keeps the scoring host running: starts it, starts it again when it dies, and ends when the host ends by itself.
# Usage: supervise.sh NODE HOST_JS    (environment: MODELYARD_HOST_FOLDER and what the host reads)
# Exit codes: the host's own 0 (told to stop), 2 (a setting that is none) and 4 (port or folder taken); 4 when another supervisor holds the folder.
set -u
node=$1
program=$2
pid_file=${MODELYARD_HOST_FOLDER:?is not set}/supervisor.pid

# A pid alone can belong to another process by now: it must also be a shell that runs this file.
lives() {
  kill -0 "$1" 2>/dev/null && tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -q 'supervise\.sh'
}

umask 077
mkdir -p "$MODELYARD_HOST_FOLDER" || exit 2
echo $$ >"$pid_file.$$"
until ln "$pid_file.$$" "$pid_file" 2>/dev/null; do
  holder=$(cat "$pid_file" 2>/dev/null || true)
  if [ -n "$holder" ] && lives "$holder"; then
    rm -f "$pid_file.$$"
    echo "$pid_file is held by the supervisor with pid $holder" >&2
    exit 4
  fi
  rm -f "$pid_file"
done
rm -f "$pid_file.$$"

child=
stopping=
forward() {
  stopping=1
  [ -n "$child" ] && kill -TERM "$child" 2>/dev/null
}
trap forward TERM INT
trap '' HUP

finish() {
  rm -f "$pid_file"
  exit "$1"
}

delay=200
while :; do
  [ -n "$stopping" ] && finish 0
  started=$(date +%s)
  # The heap is small, so threads that help to collect it cost more in waking than they save (docs/decisions/0023).
  "$node" --single-threaded-gc "$program" &
  child=$!
  # one that came before the child had a number was passed on to nobody
  [ -n "$stopping" ] && kill -TERM "$child" 2>/dev/null
  # a signal ends `wait` early: wait again until the child is really gone
  while :; do
    wait "$child"
    code=$?
    kill -0 "$child" 2>/dev/null || break
  done
  child=
  case $code in 0 | 2 | 4) finish "$code" ;; esac
  [ -n "$stopping" ] && finish "$code"
  [ $(($(date +%s) - started)) -ge 60 ] && delay=200
  echo "the scoring host ended with code $code; starting it again in $delay ms" >&2
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))" &
  wait $!
  delay=$((delay * 2))
  [ "$delay" -gt 5000 ] && delay=5000
done
