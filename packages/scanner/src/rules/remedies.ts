export const ASK = "Do not load the file. Ask its publisher for a clean copy.";
