"""Sends the images of a day to the service, ten in a request, and writes what they really are: a file of labels.

Run it where requirements.txt is installed:  python send.py URL KEY DAY labels.csv
"""
import csv
import json
import sys
import urllib.request

from images import later_images


def main(url, key, day, output):
    rows, labels = later_images(int(day))
    with open(output, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "row", "value"])
        for start in range(0, len(labels), 10):
            body = json.dumps({"data": rows[start : start + 10].astype(int).tolist()}).encode()
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
                request_id = answer.headers["x-request-id"]
                answer.read()
            for row, label in enumerate(labels[start : start + 10]):
                table.writerow([request_id, row, label])
    print(f"{len(labels)} images sent; {output} says what they are")


if __name__ == "__main__":
    main(*sys.argv[1:])
