/** Labels a row by its sign, gives probabilities, and takes as many milliseconds as its first number says, from 1,000 on. */
export const labels = `
import time
class Model:
    def predict(self, rows):
        time.sleep(max(row[0] for row in rows) / 1000 if rows[0][0] > 1000 else 0)
        return ["plus" if sum(row) > 0 else "minus" for row in rows]
    def predict_proba(self, rows):
        return [[0.25, 0.75] if sum(row) > 0 else [1.0, 0.0] for row in rows]
`;

/** Shows the rows it was given. */
export const mirror = `
class Model:
    def predict(self, rows):
        return [" ".join(str(value) for value in row) for row in rows]
`;

/** Answers each row with 15 MB. */
export const long = `
class Model:
    def predict(self, rows):
        return ["x" * 15000000 for row in rows]
`;

/** Reads documents, as a vectorizer of scikit-learn does, and tells how long each is. */
export const documents = `
class Model:
    input = "content"
    def build_analyzer(self):
        return str.split
    def predict(self, texts):
        return [len(text) for text in texts]
`;
