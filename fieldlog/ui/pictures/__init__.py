"""Pictures of data: drawn once as plain shapes, shown on a canvas and saved as SVG alike."""
